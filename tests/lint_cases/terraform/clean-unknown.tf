variable "size" {
  default = null
}
resource "aws_lambda_event_source_mapping" "it" {
  for_each = var.mappings

  function_name                      = each.value.function
  event_source_arn                   = try(each.value.arn, null)
  batch_size                         = var.size
  maximum_batching_window_in_seconds = module.settings.window
  enabled                            = lookup(each.value, "enabled", true)
  starting_position                  = data.external.settings.result.position
  starting_position_timestamp        = timestamp()
}
