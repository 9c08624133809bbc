resource "aws_lambda_function" "worker" {
  function_name = "my function"
}
resource "aws_lambda_event_source_mapping" "it" {
  function_name = aws_lambda_function.worker.function_name
  event_source_arn = aws_sqs_queue.orders.arn
}
