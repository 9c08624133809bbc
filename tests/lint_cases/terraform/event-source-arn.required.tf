resource "aws_lambda_event_source_mapping" "it" {
  function_name = aws_lambda_function.worker.arn
}
