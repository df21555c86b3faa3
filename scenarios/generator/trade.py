"""What the generated market trades in: industries, products, and the words that company names are made of."""

from __future__ import annotations

import pandas as pd

INDUSTRIES = (
    "Manufacturing", "Health care", "Retail", "Construction", "Food", "Logistics", "Education", "Technology",
)  # fmt: skip
INDUSTRY_WEIGHT = (1.3, 1.2, 1.2, 1.0, 0.9, 0.8, 0.6, 1.0)  # how common each is, before regional clusters

PRODUCTS = pd.DataFrame(
    {
        "name": ["Standard line", "Premium line", "Consumables", "Service plan"],
        "price": [1_200.0, 4_800.0, 90.0, 650.0],
        "margin": [0.38, 0.46, 0.30, 0.55],
    }
)
# Interest in each product (columns) of each industry (rows): each row sums to 1.
INTEREST = (
    (0.35, 0.25, 0.25, 0.15),
    (0.20, 0.35, 0.30, 0.15),
    (0.45, 0.10, 0.30, 0.15),
    (0.40, 0.20, 0.30, 0.10),
    (0.30, 0.15, 0.45, 0.10),
    (0.35, 0.15, 0.20, 0.30),
    (0.40, 0.15, 0.20, 0.25),
    (0.20, 0.40, 0.05, 0.35),
)

FIRST_HALF = (
    "Alder", "Amber", "Ash", "Bay", "Birch", "Bright", "Brook", "Cedar", "Clear", "Cross", "Dale", "Eagle",
    "East", "Elm", "Fair", "Fern", "Field", "Flint", "Fox", "Glen", "Gold", "Granite", "Green", "Grove", "Hazel",
    "Heron", "High", "Hill", "Iron", "Juniper", "Lake", "Laurel", "Linden", "Long", "Maple", "Marsh", "Meadow",
    "Mill", "North", "Oak", "Orchard", "Pine", "Prairie", "Quarry", "Red", "Ridge", "River", "Rock", "Rose",
    "Silver", "South", "Spring", "Stone", "Summer", "Thorn", "Timber", "Valley", "West", "Willow", "Winter",
)  # fmt: skip
SECOND_HALF = (
    "bank", "bridge", "brook", "crest", "dale", "fall", "field", "ford", "gate", "haven", "hill", "hollow",
    "land", "mark", "mere", "mont", "port", "reach", "ridge", "side", "stead", "view", "water", "way", "well",
    "wick", "wood", "yard",
)  # fmt: skip
LAST_WORD = (
    ("Manufacturing", "Works", "Metals", "Tooling", "Machinery", "Plastics", "Components", "Castings"),
    ("Clinic", "Health", "Medical", "Care Centre", "Dental", "Hospital", "Pharmacy", "Laboratories"),
    ("Stores", "Outfitters", "Home Goods", "Hardware", "Markets", "Furniture", "Apparel", "Books"),
    ("Builders", "Construction", "Roofing", "Concrete", "Paving", "Electrical", "Interiors", "Plumbing"),
    ("Foods", "Bakery", "Dairy", "Kitchens", "Farms", "Beverages", "Catering", "Mills"),
    ("Freight", "Logistics", "Transport", "Warehousing", "Couriers", "Shipping", "Storage", "Lines"),
    ("Academy", "College", "School", "Institute", "Learning", "Training", "Library", "Campus"),
    ("Software", "Systems", "Data", "Networks", "Electronics", "Labs", "Digital", "Controls"),
)
