"""Writes the OpenAPI document of all services from the typed structs of what they take and answer.

What the gateway's table of endpoints says is taken from there; what it does not say - parameters, bodies, answers - is a
row for each endpoint in one of the modules of operations. A test fails for an endpoint
without a row, and the end-to-end tests compare every answer that they get with the document.
"""
