* only a title
