"""What people post, read and checked. A form's errors are sentences that say what to do."""
