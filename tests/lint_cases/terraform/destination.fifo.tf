resource "aws_lambda_function_event_invoke_config" "it" {
  function_name = aws_lambda_function.worker.arn
  destination_config {
    on_failure {
      destination = aws_sns_topic.failed.arn
    }
  }
}
resource "aws_sns_topic" "failed" {
  name       = "failed.fifo"
  fifo_topic = true
}
