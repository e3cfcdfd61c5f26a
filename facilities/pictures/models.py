"""A picture, and the sizes of it that pages show."""

from django.db import models
from wagtail.images.models import AbstractImage, AbstractRendition
from wagtail.search import index


class Picture(AbstractImage):
    """One picture that staff uploaded. Its description is offered as alt text wherever it is chosen."""

    credit = models.CharField(max_length=120, blank=True, help_text="Who made it. Shown below the picture.")
    licence = models.CharField(
        max_length=160, help_text="By what right we show it: our own, a license, or somebody's consent and its date."
    )

    admin_form_fields = (
        *("title", "file", "collection", "description", "credit", "licence"),
        *("focal_point_x", "focal_point_y", "focal_point_width", "focal_point_height"),
    )

    search_fields = [
        *(field for field in AbstractImage.search_fields if field.field_name != "tags"),
        index.RelatedFields(
            "tags", [index.SearchField("name"), index.AutocompleteField("name"), index.FilterField("name")]
        ),  # Wagtail's own lacks the last: its chooser fails where a tag and words are asked for together
    ]

    class Meta:
        verbose_name = "picture"


class PictureRendition(AbstractRendition):
    """One size of a picture, made when it is first shown."""

    image = models.ForeignKey(Picture, on_delete=models.CASCADE, related_name="renditions")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["image", "filter_spec", "focal_point_key"], name="one_rendition_of_each_size"
            )
        ]
