resource "aws_lambda_event_source_mapping" "it" {
  function_name = aws_lambda_function.worker.arn
  starting_position = "LATEST"
  topics = ["orders"]
  self_managed_event_source {
    endpoints = {
      KAFKA_BOOTSTRAP_SERVERS = "a:9092,b:9092"
    }
  }
}
