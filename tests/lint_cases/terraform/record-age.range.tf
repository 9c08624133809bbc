resource "aws_lambda_event_source_mapping" "it" {
  function_name = aws_lambda_function.worker.arn
  event_source_arn = aws_kinesis_stream.clicks.arn
  starting_position = "LATEST"
  maximum_record_age_in_seconds = 59
}
