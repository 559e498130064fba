using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace Dify.Core.Storage.Sqlite.Migrations
{
    /// <inheritdoc />
    public partial class AddIndexRevision : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.AddColumn<long>(
                name: "IndexRevision",
                table: "knowledge_bases",
                type: "INTEGER",
                nullable: false,
                defaultValue: 0L);
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropColumn(
                name: "IndexRevision",
                table: "knowledge_bases");
        }
    }
}
