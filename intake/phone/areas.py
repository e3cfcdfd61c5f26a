"""Where the area codes of the North American numbering plan are, by name. phonenumbers' own table takes 100 MB."""

from functools import cache

from django.utils.translation import gettext
from django.utils.translation import gettext_noop as _

AREAS = {
    _("Alabama"): "205 251 256 334 659 938",
    _("Alaska"): "907",
    _("Alberta"): "368 403 587 780 825",
    _("American Samoa"): "684",
    _("Anguilla"): "264",
    _("Antigua and Barbuda"): "268",
    _("Arizona"): "480 520 602 623 928",
    _("Arkansas"): "327 479 501 870",
    _("the Bahamas"): "242",
    _("Barbados"): "246",
    _("Bermuda"): "441",
    _("British Columbia"): "236 250 257 604 672 778",
    _("the British Virgin Islands"): "284",
    _("California"): (
        "209 213 279 310 323 341 350 369 408 415 424 442 510 530 559 562 619 626 628 650 657 661 669 707 714 "
        "738 747 760 805 818 820 831 840 858 909 916 925 949 951"
    ),
    _("the Cayman Islands"): "345",
    _("Colorado"): "303 719 720 748 970 983",
    _("Connecticut"): "203 475 860 959",
    _("Delaware"): "302",
    _("Dominica"): "767",
    _("the Dominican Republic"): "809 829 849",
    _("Florida"): "239 305 321 324 352 386 407 448 561 645 656 689 727 728 754 772 786 813 850 863 904 941 954",
    _("Georgia"): "229 404 470 478 678 706 762 770 912 943",
    _("Grenada"): "473",
    _("Guam"): "671",
    _("Hawaii"): "808",
    _("Idaho"): "208 986",
    _("Illinois"): "217 224 309 312 331 447 464 618 630 708 730 773 779 815 847 872",
    _("Indiana"): "219 260 317 463 574 765 812 930",
    _("Iowa"): "319 515 563 641 712",
    _("Jamaica"): "658 876",
    _("Kansas"): "316 620 785 913",
    _("Kentucky"): "270 364 502 606 859",
    _("Louisiana"): "225 318 337 504 985",
    _("Maine"): "207",
    _("Manitoba"): "204 431 584",
    _("Maryland"): "227 240 301 410 443 667",
    _("Massachusetts"): "339 351 413 508 617 774 781 857 978",
    _("Michigan"): "231 248 269 313 517 586 616 734 810 906 947 989",
    _("Minnesota"): "218 320 507 612 651 763 952",
    _("Mississippi"): "228 601 662 769",
    _("Missouri"): "235 314 417 557 573 636 660 816 975",
    _("Montana"): "406",
    _("Montserrat"): "664",
    _("Nebraska"): "308 402 531",
    _("Nevada"): "702 725 775",
    _("New Brunswick"): "428 506",
    _("New Hampshire"): "603",
    _("New Jersey"): "201 551 609 640 732 848 856 862 908 973",
    _("New Mexico"): "505 575",
    _("New York"): "212 718 315 329 332 347 363 516 518 585 607 631 646 680 716 838 845 914 917 929 934",
    _("Newfoundland and Labrador"): "709 879",
    _("North Carolina"): "252 336 472 704 743 828 910 919 980 984",
    _("North Dakota"): "701",
    _("the Northern Mariana Islands"): "670",
    _("Nova Scotia or Prince Edward Island"): "782 902",
    _("Ohio"): "216 220 234 283 326 330 380 419 440 513 567 614 740 937",
    _("Oklahoma"): "405 539 572 580 918",
    _("Ontario"): "226 249 289 343 365 382 416 437 519 548 613 647 683 705 742 753 807 942",
    _("Oregon"): "458 503 541 971",
    _("Pennsylvania"): "215 223 267 272 412 445 484 570 582 610 717 724 814 835 878",
    _("Puerto Rico"): "787 939",
    _("Quebec"): "263 273 354 367 418 438 450 468 514 579 581 819 873",
    _("Rhode Island"): "401",
    _("Saint Kitts and Nevis"): "869",
    _("Saint Lucia"): "758",
    _("Saint Vincent and the Grenadines"): "784",
    _("Saskatchewan"): "306 474 639",
    _("Sint Maarten"): "721",
    _("South Carolina"): "803 821 839 843 854 864",
    _("South Dakota"): "605",
    _("Tennessee"): "423 615 629 731 865 901 931",
    _("Texas"): (
        "210 214 254 281 325 346 361 409 430 432 469 512 682 713 726 737 806 817 830 832 903 915 936 940 945 "
        "956 972 979"
    ),
    _("Trinidad and Tobago"): "868",
    _("the Turks and Caicos Islands"): "649",
    _("the U.S. Virgin Islands"): "340",
    _("Utah"): "385 435 801",
    _("Vermont"): "802",
    _("Virginia"): "276 434 540 571 686 703 757 804 826 948",
    _("Washington"): "206 253 360 425 509 564",
    _("Washington, D.C."): "202 771",
    _("West Virginia"): "304 681",
    _("Wisconsin"): "262 274 353 414 534 608 715 920",
    _("Wyoming"): "307",
    _("northern Canada"): "867",
}


def area_of(code: str) -> str:
    """The state, province or country of an area code, or "": new ones come into service all the time."""
    place = _places().get(code, "")
    return gettext(place) if place else ""


@cache
def _places() -> dict[str, str]:
    return {code: place for place, codes in AREAS.items() for code in codes.split()}
