resource "aws_lambda_event_source_mapping" "it" {
  function_name = aws_lambda_function.worker.arn
  event_source_arn = aws_sqs_queue.orders.arn
  batch_size = 10
  enabled    = true

  count      = 2
  provider   = aws.west
  depends_on = [aws_iam_role.it]

  lifecycle {
    create_before_destroy = true
  }
}
