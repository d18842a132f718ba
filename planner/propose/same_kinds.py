"""Nouns for sorts of things, and the one by which the knowledge knows them: "veggie": vegetable."""

from __future__ import annotations

# what is said of dishes that are washed, or are to be, takes in all that is washed up with them
WASHED_UP = {"dish": ("dish", "dinnerware", "cutlery", "mug", "cup", "drinking glass", "cookware")}
SAME_KINDS = {
    "beverage": "drink", "refreshment": "drink", "garment": "clothing", "clothe": "clothing", "clothes": "clothing",
    "apparel": "clothing", "veggie": "vegetable", "veg": "vegetable", "silverware": "cutlery", "flatware": "cutlery",
    "nibble": "snack", "munchie": "snack", "groceries": "food", "grocery": "food", "foodstuff": "food",
    "writing utensil": "writing tool",
    "writing instrument": "writing tool", "writing implement": "writing tool", "plaything": "toy", "pop": "soda",
    "footwear": "shoe", "citrus": "citrus fruit", "jewellery": "jewelry", "rubbish": "trash", "garbage": "trash",
    "litter": "trash", "dishware": "dinnerware", "crockery": "dinnerware", "trouser": "pants", "pant": "pants",
    "reading matter": "reading material", "exercise gear": "exercise equipment", "soft toy": "stuffed animal",
    "workout equipment": "exercise equipment", "gym equipment": "exercise equipment", "tinned food": "canned food",
    "workout gear": "exercise equipment", "plush animal": "stuffed animal", "sweatshirt": "sweater",
    "camping gear": "camping equipment",
    "sport equipment": "sports equipment", "sport gear": "sports equipment", "sporting good": "sports equipment",
    "cleaning product": "cleaning supply", "cleaning item": "cleaning supply", "office item": "office supply",
    "art material": "art supply", "drawing supply": "art supply", "device": "electronics", "electronic": "electronics",
    "electronic device": "electronics", "gadget": "electronics", "school supply": "stationery",
    "makeup": "cosmetic",
}  # fmt: skip
