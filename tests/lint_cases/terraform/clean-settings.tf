resource "aws_lambda_function_event_invoke_config" "it" {
  function_name = aws_lambda_function.worker.arn
  qualifier = aws_lambda_alias.live.name
  maximum_retry_attempts = 0
  maximum_event_age_in_seconds = 60
  destination_config {
    on_failure {
      destination = aws_s3_bucket.failed.arn
    }
    on_success {
      destination = aws_cloudwatch_event_bus.done.arn
    }
  }
}
