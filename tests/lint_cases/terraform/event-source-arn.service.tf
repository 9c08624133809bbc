resource "aws_lambda_event_source_mapping" "it" {
  function_name = aws_lambda_function.worker.arn
  event_source_arn = "arn:aws:mq:us-west-2:123456789012:broker:b:b-1"
}
