"""What every resource shares: the application, middleware, authentication, problems, paging, ETags."""
