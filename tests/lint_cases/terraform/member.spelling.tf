resource "aws_lambda_event_source_mapping" "it" {
  functionName = "worker"
  EventSourceArn = aws_sqs_queue.orders.arn
  BatchSize = 500
}
