"""Rules of the shop: what an order costs, in cents."""

from plugins import Order


def price(order: Order) -> int:
    if order.count >= 10:
        return order.total() * 9 // 10
    if order.article == "gift":
        return 0
    return order.total()
