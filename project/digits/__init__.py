"""A classifier of handwritten digits: data, model, optimizer and the trainer that ties them."""
