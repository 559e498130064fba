using System;
using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace Dify.Core.Storage.Postgres.Migrations
{
    /// <inheritdoc />
    public partial class AddWorkflows : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropIndex(
                name: "ix_workflow_runs_running",
                table: "workflow_runs");

            migrationBuilder.AddColumn<DateTimeOffset>(
                name: "AliveAt",
                table: "workflow_runs",
                type: "timestamp with time zone",
                nullable: false,
                defaultValue: new DateTimeOffset(new DateTime(1, 1, 1, 0, 0, 0, 0, DateTimeKind.Unspecified), new TimeSpan(0, 0, 0, 0, 0)));

            migrationBuilder.AddColumn<string>(
                name: "Beginning",
                table: "workflow_runs",
                type: "text",
                nullable: false,
                defaultValue: "");

            migrationBuilder.AddColumn<int>(
                name: "Life",
                table: "workflow_runs",
                type: "integer",
                nullable: false,
                defaultValue: 0);

            migrationBuilder.AddColumn<string>(
                name: "PauseReasons",
                table: "workflow_runs",
                type: "text",
                nullable: true);

            migrationBuilder.AddColumn<int>(
                name: "Stalls",
                table: "workflow_runs",
                type: "integer",
                nullable: false,
                defaultValue: 0);

            migrationBuilder.AddColumn<string>(
                name: "Trigger",
                table: "workflow_runs",
                type: "character varying(20)",
                maxLength: 20,
                nullable: false,
                defaultValue: "");

            migrationBuilder.AddColumn<Guid>(
                name: "VersionId",
                table: "workflow_runs",
                type: "uuid",
                nullable: true);

            migrationBuilder.AddColumn<int>(
                name: "FinishedAs",
                table: "node_executions",
                type: "integer",
                nullable: false,
                defaultValue: 0);

            migrationBuilder.AddColumn<string>(
                name: "Handle",
                table: "node_executions",
                type: "character varying(255)",
                maxLength: 255,
                nullable: false,
                defaultValue: "");

            migrationBuilder.AddColumn<string>(
                name: "IterationId",
                table: "node_executions",
                type: "character varying(255)",
                maxLength: 255,
                nullable: true);

            migrationBuilder.AddColumn<int>(
                name: "IterationIndex",
                table: "node_executions",
                type: "integer",
                nullable: true);

            migrationBuilder.AddColumn<string>(
                name: "LoopId",
                table: "node_executions",
                type: "character varying(255)",
                maxLength: 255,
                nullable: true);

            migrationBuilder.AddColumn<int>(
                name: "LoopIndex",
                table: "node_executions",
                type: "integer",
                nullable: true);

            migrationBuilder.AddColumn<string>(
                name: "Path",
                table: "node_executions",
                type: "character varying(500)",
                maxLength: 500,
                nullable: false,
                defaultValue: "");

            migrationBuilder.AddColumn<string>(
                name: "SealedOutputs",
                table: "node_executions",
                type: "text",
                nullable: true);

            migrationBuilder.AddColumn<string>(
                name: "Streamed",
                table: "node_executions",
                type: "text",
                nullable: true);

            migrationBuilder.AddColumn<string>(
                name: "Updates",
                table: "node_executions",
                type: "text",
                nullable: true);

            migrationBuilder.AddColumn<string>(
                name: "Files",
                table: "messages",
                type: "text",
                nullable: false,
                defaultValue: "");

            migrationBuilder.AddColumn<string>(
                name: "FileExtras",
                table: "apps",
                type: "text",
                nullable: true);

            migrationBuilder.CreateTable(
                name: "conversation_variables",
                columns: table => new
                {
                    Id = table.Column<Guid>(type: "uuid", nullable: false),
                    WorkspaceId = table.Column<Guid>(type: "uuid", nullable: false),
                    ConversationId = table.Column<Guid>(type: "uuid", nullable: false),
                    Name = table.Column<string>(type: "character varying(255)", maxLength: 255, nullable: false),
                    ValueType = table.Column<string>(type: "character varying(30)", maxLength: 30, nullable: false),
                    Value = table.Column<string>(type: "text", nullable: false),
                    Description = table.Column<string>(type: "text", nullable: false),
                    CreatedAt = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    UpdatedAt = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_conversation_variables", x => x.Id);
                    table.ForeignKey(
                        name: "FK_conversation_variables_conversations_ConversationId",
                        column: x => x.ConversationId,
                        principalTable: "conversations",
                        principalColumn: "Id",
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.CreateTable(
                name: "human_input_forms",
                columns: table => new
                {
                    Id = table.Column<Guid>(type: "uuid", nullable: false),
                    WorkspaceId = table.Column<Guid>(type: "uuid", nullable: false),
                    AppId = table.Column<Guid>(type: "uuid", nullable: false),
                    RunId = table.Column<Guid>(type: "uuid", nullable: false),
                    NodeId = table.Column<string>(type: "character varying(255)", maxLength: 255, nullable: false),
                    NodeTitle = table.Column<string>(type: "text", nullable: false),
                    Path = table.Column<string>(type: "text", nullable: false),
                    Token = table.Column<string>(type: "character varying(64)", maxLength: 64, nullable: false),
                    Definition = table.Column<string>(type: "text", nullable: false),
                    Status = table.Column<string>(type: "character varying(20)", maxLength: 20, nullable: false),
                    ActionId = table.Column<string>(type: "character varying(255)", maxLength: 255, nullable: true),
                    Submission = table.Column<string>(type: "text", nullable: true),
                    SubmittedBy = table.Column<string>(type: "character varying(255)", maxLength: 255, nullable: true),
                    ExpiresAt = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    CreatedAt = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    ClosedAt = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_human_input_forms", x => x.Id);
                    table.ForeignKey(
                        name: "FK_human_input_forms_workflow_runs_RunId",
                        column: x => x.RunId,
                        principalTable: "workflow_runs",
                        principalColumn: "Id",
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.CreateTable(
                name: "pending_imports",
                columns: table => new
                {
                    Id = table.Column<Guid>(type: "uuid", nullable: false),
                    WorkspaceId = table.Column<Guid>(type: "uuid", nullable: false),
                    AccountId = table.Column<Guid>(type: "uuid", nullable: false),
                    Content = table.Column<string>(type: "text", nullable: false),
                    Wishes = table.Column<string>(type: "text", nullable: false),
                    ExpiresAt = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_pending_imports", x => x.Id);
                    table.ForeignKey(
                        name: "FK_pending_imports_workspaces_WorkspaceId",
                        column: x => x.WorkspaceId,
                        principalTable: "workspaces",
                        principalColumn: "Id",
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.CreateTable(
                name: "workflow_versions",
                columns: table => new
                {
                    Id = table.Column<Guid>(type: "uuid", nullable: false),
                    WorkspaceId = table.Column<Guid>(type: "uuid", nullable: false),
                    AppId = table.Column<Guid>(type: "uuid", nullable: false),
                    Kind = table.Column<string>(type: "character varying(20)", maxLength: 20, nullable: false),
                    Graph = table.Column<string>(type: "text", nullable: false),
                    Features = table.Column<string>(type: "text", nullable: false),
                    EnvironmentVariables = table.Column<string>(type: "text", nullable: false),
                    ConversationVariables = table.Column<string>(type: "text", nullable: false),
                    Hash = table.Column<string>(type: "character varying(64)", maxLength: 64, nullable: false),
                    Name = table.Column<string>(type: "character varying(100)", maxLength: 100, nullable: false),
                    Note = table.Column<string>(type: "text", nullable: false),
                    CreatedBy = table.Column<Guid>(type: "uuid", nullable: false),
                    CreatedAt = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    UpdatedAt = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_workflow_versions", x => x.Id);
                    table.ForeignKey(
                        name: "FK_workflow_versions_apps_AppId",
                        column: x => x.AppId,
                        principalTable: "apps",
                        principalColumn: "Id",
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.CreateTable(
                name: "workflows",
                columns: table => new
                {
                    AppId = table.Column<Guid>(type: "uuid", nullable: false),
                    WorkspaceId = table.Column<Guid>(type: "uuid", nullable: false),
                    Graph = table.Column<string>(type: "text", nullable: false),
                    Features = table.Column<string>(type: "text", nullable: false),
                    EnvironmentVariables = table.Column<string>(type: "text", nullable: false),
                    ConversationVariables = table.Column<string>(type: "text", nullable: false),
                    Revision = table.Column<int>(type: "integer", nullable: false),
                    Hash = table.Column<string>(type: "character varying(64)", maxLength: 64, nullable: false),
                    PublishedVersionId = table.Column<Guid>(type: "uuid", nullable: true),
                    UpdatedBy = table.Column<Guid>(type: "uuid", nullable: false),
                    CreatedAt = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false),
                    UpdatedAt = table.Column<DateTimeOffset>(type: "timestamp with time zone", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_workflows", x => x.AppId);
                    table.ForeignKey(
                        name: "FK_workflows_apps_AppId",
                        column: x => x.AppId,
                        principalTable: "apps",
                        principalColumn: "Id",
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.CreateIndex(
                name: "IX_workflow_runs_AppId_Trigger_CreatedAt",
                table: "workflow_runs",
                columns: new[] { "AppId", "Trigger", "CreatedAt" });

            migrationBuilder.CreateIndex(
                name: "ix_workflow_runs_paused",
                table: "workflow_runs",
                column: "AliveAt",
                filter: "\"Status\" = 'Paused'");

            migrationBuilder.CreateIndex(
                name: "ix_workflow_runs_running",
                table: "workflow_runs",
                column: "AliveAt",
                filter: "\"Status\" = 'Running'");

            migrationBuilder.CreateIndex(
                name: "IX_conversation_variables_ConversationId_Name",
                table: "conversation_variables",
                columns: new[] { "ConversationId", "Name" },
                unique: true);

            migrationBuilder.CreateIndex(
                name: "IX_human_input_forms_RunId_NodeId",
                table: "human_input_forms",
                columns: new[] { "RunId", "NodeId" });

            migrationBuilder.CreateIndex(
                name: "IX_human_input_forms_Token",
                table: "human_input_forms",
                column: "Token",
                unique: true);

            migrationBuilder.CreateIndex(
                name: "ix_human_input_forms_waiting",
                table: "human_input_forms",
                column: "ExpiresAt",
                filter: "\"Status\" = 'Waiting'");

            migrationBuilder.CreateIndex(
                name: "IX_pending_imports_ExpiresAt",
                table: "pending_imports",
                column: "ExpiresAt");

            migrationBuilder.CreateIndex(
                name: "IX_pending_imports_WorkspaceId",
                table: "pending_imports",
                column: "WorkspaceId");

            migrationBuilder.CreateIndex(
                name: "IX_workflow_versions_AppId_Hash",
                table: "workflow_versions",
                columns: new[] { "AppId", "Hash" });

            migrationBuilder.CreateIndex(
                name: "IX_workflow_versions_AppId_Kind_CreatedAt",
                table: "workflow_versions",
                columns: new[] { "AppId", "Kind", "CreatedAt" });
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropTable(
                name: "conversation_variables");

            migrationBuilder.DropTable(
                name: "human_input_forms");

            migrationBuilder.DropTable(
                name: "pending_imports");

            migrationBuilder.DropTable(
                name: "workflow_versions");

            migrationBuilder.DropTable(
                name: "workflows");

            migrationBuilder.DropIndex(
                name: "IX_workflow_runs_AppId_Trigger_CreatedAt",
                table: "workflow_runs");

            migrationBuilder.DropIndex(
                name: "ix_workflow_runs_paused",
                table: "workflow_runs");

            migrationBuilder.DropIndex(
                name: "ix_workflow_runs_running",
                table: "workflow_runs");

            migrationBuilder.DropColumn(
                name: "AliveAt",
                table: "workflow_runs");

            migrationBuilder.DropColumn(
                name: "Beginning",
                table: "workflow_runs");

            migrationBuilder.DropColumn(
                name: "Life",
                table: "workflow_runs");

            migrationBuilder.DropColumn(
                name: "PauseReasons",
                table: "workflow_runs");

            migrationBuilder.DropColumn(
                name: "Stalls",
                table: "workflow_runs");

            migrationBuilder.DropColumn(
                name: "Trigger",
                table: "workflow_runs");

            migrationBuilder.DropColumn(
                name: "VersionId",
                table: "workflow_runs");

            migrationBuilder.DropColumn(
                name: "FinishedAs",
                table: "node_executions");

            migrationBuilder.DropColumn(
                name: "Handle",
                table: "node_executions");

            migrationBuilder.DropColumn(
                name: "IterationId",
                table: "node_executions");

            migrationBuilder.DropColumn(
                name: "IterationIndex",
                table: "node_executions");

            migrationBuilder.DropColumn(
                name: "LoopId",
                table: "node_executions");

            migrationBuilder.DropColumn(
                name: "LoopIndex",
                table: "node_executions");

            migrationBuilder.DropColumn(
                name: "Path",
                table: "node_executions");

            migrationBuilder.DropColumn(
                name: "SealedOutputs",
                table: "node_executions");

            migrationBuilder.DropColumn(
                name: "Streamed",
                table: "node_executions");

            migrationBuilder.DropColumn(
                name: "Updates",
                table: "node_executions");

            migrationBuilder.DropColumn(
                name: "Files",
                table: "messages");

            migrationBuilder.DropColumn(
                name: "FileExtras",
                table: "apps");

            migrationBuilder.CreateIndex(
                name: "ix_workflow_runs_running",
                table: "workflow_runs",
                column: "CreatedAt",
                filter: "\"Status\" = 'Running'");
        }
    }
}
