resource "aws_lambda_event_source_mapping" "it" {
  function_name = aws_lambda_function.worker.arn
  event_source_arn = var.stream ? aws_kinesis_stream.clicks.arn : aws_sqs_queue.orders.arn
  starting_position = var.stream ? "LATEST" : null
  batch_size = var.stream ? 500 : 11
}
