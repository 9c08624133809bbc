resource "aws_lambda_event_source_mapping" "clicks" {
  function_name     = aws_lambda_function.orders.arn
  event_source_arn  = "arn:aws:kinesis:us-west-2:123456789012:stream/clicks"
  starting_position = "trim_horizon"
  batch_size        = 20000
}
