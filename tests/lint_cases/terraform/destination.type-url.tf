resource "aws_lambda_function_event_invoke_config" "it" {
  function_name = aws_lambda_function.worker.arn
  destination_config {
    on_failure {
      destination = aws_sqs_queue.failed.id
    }
  }
}
