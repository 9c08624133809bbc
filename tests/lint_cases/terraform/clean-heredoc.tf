# resource "aws_lambda_event_source_mapping" "no" {
/* { */ // "
resource "aws_lambda_event_source_mapping" "it" {
  function_name = trimspace(<<EOT
  worker ${var.x} {
EOT
  )
  event_source_arn = aws_sqs_queue.orders.arn
}
