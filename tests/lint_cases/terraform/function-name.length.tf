resource "aws_lambda_event_source_mapping" "it" {
  function_name = "fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff"
  event_source_arn = aws_sqs_queue.orders.arn
}
