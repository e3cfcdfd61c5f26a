"""Who may sign what others wrote. It may touch what Wagtail keeps of versions, and nothing of the other rooms."""
