resource "aws_lambda_function_event_invoke_config" "it" {
  function_name = aws_lambda_function.worker.arn
  destination_config {
    on_failure {
      destination = "arn:aws:sqs:us-west-2:123456789012:failed.fifo"
    }
  }
}
