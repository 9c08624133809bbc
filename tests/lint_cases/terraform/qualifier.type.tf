resource "aws_lambda_function_event_invoke_config" "it" {
  function_name = aws_lambda_function.worker.arn
  qualifier = []
  maximum_retry_attempts = 1
}
