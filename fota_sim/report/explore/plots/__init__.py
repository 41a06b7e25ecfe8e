"""The pictures of the page, native to the browser so that they follow a drag; each shows answers one after another."""
