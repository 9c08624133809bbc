resource "aws_lambda_event_source_mapping" "it" {
  function_name = aws_lambda_function.worker.arn
  event_source_arn = "arn:${data.aws_partition.here.partition}:sqs:${var.region}:123456789012:orders"
  batch_size = 11
}
