locals {
  name = "worker"
  arns = {
    test = "arn:aws:sqs:us-west-2:123456789012:orders"
  }
}
resource "aws_lambda_event_source_mapping" "it" {
  function_name = "${var.stage}-${local.name}:${aws_lambda_alias.live.name}"
  event_source_arn = local.arns[var.stage]
  batch_size = max(5, 20000)
}
