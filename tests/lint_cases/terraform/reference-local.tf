locals {
  size  = local.sizes[1]
  sizes = [1, 11]
}
resource "aws_lambda_event_source_mapping" "it" {
  function_name = aws_lambda_function.worker.arn
  event_source_arn = aws_sqs_queue.orders.arn
  batch_size = local.size
}
