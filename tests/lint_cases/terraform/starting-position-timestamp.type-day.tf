resource "aws_lambda_event_source_mapping" "it" {
  function_name = aws_lambda_function.worker.arn
  event_source_arn = aws_kinesis_stream.clicks.arn
  starting_position = "AT_TIMESTAMP"
  starting_position_timestamp = "2024-02-30T00:00:00Z"
}
