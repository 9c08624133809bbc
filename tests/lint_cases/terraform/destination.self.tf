resource "aws_lambda_function_event_invoke_config" "it" {
  function_name = "arn:aws:lambda:us-west-2:123456789012:function:worker"
  destination_config {
    on_success {
      destination = "arn:aws:lambda:us-west-2:123456789012:function:worker"
    }
  }
}
