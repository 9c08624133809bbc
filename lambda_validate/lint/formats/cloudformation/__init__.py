"""CloudFormation, with SAM and what CDK writes."""
