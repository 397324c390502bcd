"""The data of export control: rules, tables of countries, control lists, algorithms and packages, each with its source."""
