resource "aws_lambda_function_event_invoke_config" "it" {
  function_name = "worker:live"
  qualifier = "test"
  maximum_retry_attempts = 1
}
