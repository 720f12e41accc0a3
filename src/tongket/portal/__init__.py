"""The public pages; they hold only what the publish stage pushed to them."""
