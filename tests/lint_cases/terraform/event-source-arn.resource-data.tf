resource "aws_lambda_event_source_mapping" "it" {
  function_name = aws_lambda_function.worker.arn
  event_source_arn = data.aws_dynamodb_table.items.arn
  starting_position = "LATEST"
}
