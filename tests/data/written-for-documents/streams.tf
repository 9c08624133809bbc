resource "aws_lambda_event_source_mapping" "orders" {
  # lambda-validate: ignore[batch-size.dynamodb]
  batch_size        = 2000
  function_name     = "a-name-of-a-function-that-is-longer-than-the-sixty-four-characters-allowed"
  event_source_arn  = "arn:aws:dynamodb:us-west-2:123456789012:table/orders/stream/2024-01-01T00:00:00.000"
  starting_position = "LATEST"
}
