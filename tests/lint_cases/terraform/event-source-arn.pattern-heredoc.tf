resource "aws_lambda_event_source_mapping" "it" {
  function_name = aws_lambda_function.worker.arn
  event_source_arn = <<-EOT
    arn:aws:sqs:us-west-2:123456789012:orders
  EOT
}
