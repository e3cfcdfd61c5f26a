"""The form of an upload: a picture comes with words for who cannot see it."""

from typing import Any

from django.core.exceptions import ValidationError
from PIL import Image
from wagtail.images.fields import WagtailImageField
from wagtail.images.forms import BaseImageForm

from facilities.pictures.alt_text import check_alt_text


class PictureFile(WagtailImageField):
    """Says in words what Wagtail lets fail: a picture of so many pixels that Pillow does not even open it."""

    def to_python(self, data: Any) -> Any:
        try:
            return super().to_python(data)
        except Image.DecompressionBombError as error:
            words = "This picture has too many pixels. Make it smaller, to 4,000 pixels a side or fewer."
            raise ValidationError(words) from error


class PictureForm(BaseImageForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if (file := self.fields.get("file")) is not None:
            self.fields["file"] = PictureFile(label=file.label, required=file.required, widget=file.widget)
        if "description" in self.fields:
            self.fields["description"].required = True
            self.fields["description"].validators.append(check_alt_text)
            self.fields["description"].help_text = (
                "What the picture shows, for people who cannot see it: “Two nurses talk beside an open door.” "
                "Not “image of”, and not the name of the file."
            )
