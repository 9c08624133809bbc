locals {
  stage = "test"
}
resource "aws_lambda_event_source_mapping" "it" {
  function_name = "${local.stage}-my worker"
  event_source_arn = aws_sqs_queue.orders.arn
}
