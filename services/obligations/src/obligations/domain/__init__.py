"""The rules of duties and notices: pure, told in the terms of licences."""
