"""The schemas, one folder an edition; this file lets an editable install find them."""
