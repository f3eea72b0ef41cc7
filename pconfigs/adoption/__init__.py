"""Adoption: config classes, defaults and experiments made from files of other tools.

reading       a source -> composed trees of nodes
description   the classes of the result, made from trees by `infer`, tied by `ties`
writing       description -> modules
given         a tree -> inputs of the classes: defaults, experiments, values to compare
result        all of it: written, imported, compared
"""
