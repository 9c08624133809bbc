resource "aws_lambda_event_source_mapping" "it" {
  function_name = aws_lambda_function.worker.arn
  event_source_arn = aws_kinesis_stream.clicks.arn
  starting_position = "LATEST"
  destination_config {
    on_success {
      destination_arn = aws_sqs_queue.failed.arn
    }
  }
}
