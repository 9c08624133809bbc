resource "aws_lambda_function_event_invoke_config" "nothing" {
  function_name = "f"
}

resource "aws_lambda_function_event_invoke_config" "perhaps" {
  function_name = "f"
  dynamic "destination_config" {
    for_each = var.destinations
    content {}
  }
}
