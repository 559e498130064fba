using System.Text.Json.Nodes;
using Dify.Core.Workflows.Definitions;

namespace Dify.Core.Apps.Transfer.Upgrades;

/// <summary>The old switch for pictures becomes the switch for files, with pictures allowed.</summary>
internal static class FileUploadFeature
{
    private const int UsualLimit = 3;

    public static (JsonObject Features, IReadOnlyList<ReportedChange> Changes) Apply(JsonObject features)
    {
        if (features["file_upload"] is not JsonObject old || old["image"] is not JsonObject picture || !NodeData.Flag(picture, "enabled"))
        {
            return (features, []);
        }

        var changed = (JsonObject)features.DeepClone();
        var upload = (JsonObject)changed["file_upload"]!;
        var image = (JsonObject)upload["image"]!;
        upload["enabled"] = true;
        upload["number_limits"] = (int)(NodeData.Number(image, "number_limits") is { } limit and > 0 ? limit : UsualLimit);
        upload["allowed_file_upload_methods"] = image["transfer_methods"]?.DeepClone() ?? new JsonArray("remote_url", "local_file");
        upload["allowed_file_types"] ??= new JsonArray("image");
        upload["allowed_file_extensions"] ??= new JsonArray();
        upload.Remove("image");
        return (changed, [new ReportedChange("file_upload", 1)]);
    }
}
