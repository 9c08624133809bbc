resource "aws_lambda_event_source_mapping" "it" {
  function_name = aws_lambda_function.worker.arn
  event_source_arn = aws_sqs_queue.orders.arn
  dynamic "scaling_config" {
    for_each = [1]
    content {
      maximumConcurrency = 5
    }
  }
  dynamic "filter_criterion" {
    for_each = [1]
    content {}
  }
}
