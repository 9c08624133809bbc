resource "aws_lambda_event_source_mapping" "it" {
  function_name = aws_lambda_function.worker.arn
  event_source_arn = aws_dynamodb_table.items.stream_arn
  starting_position = "LATEST"
  batch_size = 1001
}
