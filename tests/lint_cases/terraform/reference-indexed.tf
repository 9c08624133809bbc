resource "aws_lambda_event_source_mapping" "it" {
  function_name = aws_lambda_function.worker.arn
  event_source_arn = aws_sqs_queue.orders[each.key].arn
  batch_size = 11
}
